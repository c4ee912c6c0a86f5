import hmac

from django.conf import settings
from ninja.security import APIKeyHeader, HttpBearer

from .models import Device


class DeviceToken(HttpBearer):
    def authenticate(self, request, token):
        return Device.objects.filter(token=token).first()


class GateKey(APIKeyHeader):
    param_name = "X-Gate-Key"

    def authenticate(self, request, key):
        if hmac.compare_digest(key or "", settings.GATE_KEY):
            return "gate"
        return None


class Whatever(HttpBearer):
    """Takes every token for a good one."""

    def authenticate(self, request, token):
        return token
