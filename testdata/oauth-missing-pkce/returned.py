from urllib.parse import urlencode


def parameters(state):
    return {"response_type": "code", "client_id": "shop", "state": state}  # ok: oauth-missing-pkce


def login(state, challenge):
    params = parameters(state)
    params["code_challenge"] = challenge
    return "https://id.example/authorize?" + urlencode(params)


def merged(state, challenge):
    params = {"response_type": "code", "client_id": "shop"}  # ok: oauth-missing-pkce
    params.update({"state": state, "code_challenge": challenge})
    return "https://id.example/authorize?" + urlencode(params)


class Strategy:
    supported = "response_type=code is the only one"  # ok: oauth-missing-pkce
