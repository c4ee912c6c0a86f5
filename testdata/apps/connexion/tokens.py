import jwt

from settings import SECRET


def check(token):
    try:
        return jwt.decode(token, SECRET, algorithms=["HS256"], audience="shop", issuer="shop")
    except jwt.InvalidTokenError:
        return None
