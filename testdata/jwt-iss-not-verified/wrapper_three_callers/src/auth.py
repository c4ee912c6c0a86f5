import jwt


def decode_token(token, key, issuer=None):
    return jwt.decode(token, key, algorithms=["RS256"], audience="api", issuer=issuer)
