import os

import requests

BILLING = os.environ.get("BILLING_URL", "http://billing:8000")
LOCAL = os.environ.get("LOCAL_URL", "http://localhost:8000")
METADATA = "http://169.254.169.254/latest/meta-data"


def default_inside(token):
    return requests.get(BILLING, headers={"Authorization": f"Bearer {token}"})  # finding: plaintext-internal-transport


def default_local(token):
    return requests.get(LOCAL, headers={"Authorization": f"Bearer {token}"})  # ok: plaintext-internal-transport


def metadata(token):
    return requests.get(METADATA, headers={"X-aws-ec2-metadata-token": token})  # ok: plaintext-internal-transport


def no_secret():
    return requests.get("http://billing:8000/health", headers={"Accept": "application/json"})  # ok: plaintext-internal-transport


def any_host(host, token):
    return requests.get(f"http://{host}/charges", headers={"Authorization": token})  # ok: plaintext-internal-transport


def known_host(number, token):
    return requests.get(f"http://billing:8000/charges/{number}", headers={"Authorization": token})  # finding: plaintext-internal-transport
