import jwt

KEYS = {"https://a.example": "a.pub", "https://b.example": "b.pub"}


def claims_of(token):
    issuer = jwt.decode(token, options={"verify_signature": False})["iss"]  # ok: jwt-signature-not-verified
    with open(KEYS[issuer]) as file:
        key = file.read()
    return jwt.decode(token, key, algorithms=["RS256"], issuer=issuer, audience="api")
