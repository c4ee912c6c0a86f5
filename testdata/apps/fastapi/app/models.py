from pydantic import BaseModel


class User(BaseModel):
    id: int
    role: str
    is_active: bool

    @classmethod
    async def get(cls, user_id: str) -> "User":
        return cls(id=int(user_id), role="customer", is_active=True)


class Item(BaseModel):
    name: str
    role: str
