import jwt

KEY = open("/run/secrets/jwt.pub").read()


class TokenManager:
    @classmethod
    def decode(cls, token, verify_expiration=True):
        return jwt.decode(
            token,
            KEY,
            algorithms=["RS256"],
            audience="api",
            issuer="https://id.example",
            options={"verify_exp": verify_expiration},
        )
