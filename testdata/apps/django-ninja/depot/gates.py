from ninja import Router

from .auth import GateKey

router = Router(auth=GateKey())


@router.post("/{gate}/open")
def open_gate(request, gate: str):
    return {"open": gate}


@router.get("/{gate}", auth=None)
def state(request, gate: str):
    return {"gate": gate}
