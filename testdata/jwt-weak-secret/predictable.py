import os
import random

import jwt


def make_secret():
    return "".join(random.choices("0123456789", k=6))  # finding: token-weak-random


# The fallback is drawn from a generator that can be predicted; what `join` makes of it is not followed.
SECRET = os.getenv("JWT_SECRET", make_secret())


def token(user_id, exp):
    return jwt.encode({"sub": user_id, "exp": exp}, SECRET, algorithm="HS256")  # todo-finding: jwt-weak-secret
