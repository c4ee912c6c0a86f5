import jwt

client = jwt.PyJWKClient("http://id.example/jwks.json")  # finding: jwt-untrusted-key-source
local = jwt.PyJWKClient("http://localhost:8080/jwks.json")  # ok: jwt-untrusted-key-source


def claims(token):
    key = client.get_signing_key_from_jwt(token)
    return jwt.decode(token, key, algorithms=["RS256"], audience="api", issuer="https://id.example")
