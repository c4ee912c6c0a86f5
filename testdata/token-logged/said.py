import logging

from app.security import mask

log = logging.getLogger(__name__)


def login(user, password):
    log.debug("user=%s password=%s", user, password)  # finding: token-logged
    log.debug("password given: %s", bool(password))  # ok: token-logged
    log.debug("password: %s", mask(password))  # ok: token-logged
    log.debug("password: %s", "*" * len(password))  # ok: token-logged
    log.error("wrong password for %s", user)  # ok: token-logged


def refused(request, access_token):
    hidden_token = mask(access_token)
    log.info("token %s", hidden_token)  # ok: token-logged
    log.info("authorization: %s", request.headers.get("Authorization"))  # finding: token-logged
