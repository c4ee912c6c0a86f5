import time
from functools import lru_cache

import requests

_token = {}


def in_module():
    if _token.get("expires_at", 0) > time.time():
        return _token["access_token"]
    answer = requests.post("https://id.example/token", data={"grant_type": "client_credentials"}, timeout=10)  # ok: m2m-token-per-request
    _token.update(answer.json())
    return _token["access_token"]


@lru_cache
def in_cache():
    return requests.post("https://id.example/token", data={"grant_type": "client_credentials"}, timeout=10).json()  # ok: m2m-token-per-request


class Client:
    def headers(self):
        return {"Authorization": "Bearer " + self._fetch()}

    def _fetch(self):
        answer = requests.post("https://id.example/token", data={"grant_type": "client_credentials"}, timeout=10)  # finding: m2m-token-per-request
        return answer.json()["access_token"]
