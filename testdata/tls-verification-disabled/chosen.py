import ssl


def context(options):
    made = ssl.create_default_context()
    if False in [options.verify_certificate, options.verify_names]:
        made.check_hostname = False
        made.verify_mode = ssl.CERT_NONE  # ok: tls-verification-disabled
    return made


def for_orders(region, regions):
    made = ssl.create_default_context()
    if region in regions:
        made.check_hostname = False
        made.verify_mode = ssl.CERT_NONE  # finding: tls-verification-disabled
    return made
