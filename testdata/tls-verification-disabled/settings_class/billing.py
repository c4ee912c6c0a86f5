import httpx

from settings import settings


def charges():
    httpx.get("https://billing.internal/charges", verify=settings.verify_tls)  # ok: tls-verification-disabled
    httpx.get("https://billing.internal/charges", verify=settings.billing_verify_tls)
