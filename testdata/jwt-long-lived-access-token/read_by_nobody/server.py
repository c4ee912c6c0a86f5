import os

PORT = os.environ["PORT"]  # ok: jwt-long-lived-access-token
