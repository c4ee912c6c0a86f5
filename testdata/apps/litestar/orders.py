from litestar import Controller, delete, get, post

from guards import requires_user


@get("/report")
async def report() -> dict:
    return {}


class OrderController(Controller):
    path = "/orders"

    @get()
    async def listing(self) -> list:
        return []

    @post(guards=[requires_user])
    async def create(self) -> dict:
        return {}

    @delete("/{order_id:int}", guards=[requires_user])
    async def remove(self, order_id: int) -> None:
        return None
