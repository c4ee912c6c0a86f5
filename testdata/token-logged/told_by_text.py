import logging

log = logging.getLogger(__name__)


def enter(request):
    presented = request.headers.get("X-Caller", "")
    log.info("attempt token=%s path=%s", presented, request.path)  # finding: token-logged
    log.info("attempt by=%s, token: %s", request.path, presented)  # finding: token-logged
    log.info("attempt by=%s, token=%s", presented, request.path)  # ok: token-logged
    log.info(f"token: {presented}")  # finding: token-logged
    email = request.form["email"]
    log.info("nobody to send a forgotten password: %s", email)  # ok: token-logged
    log.info(f"für token={presented}")  # finding: token-logged
    log.info("für_Ü: %s, größe：%s", presented, request.path)  # ok: token-logged


def tokens(text):
    for piece in text.split():
        log.debug("token=%s", piece)  # ok: token-logged
