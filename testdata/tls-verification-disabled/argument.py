import argparse
import ssl

parser = argparse.ArgumentParser()
parser.add_argument("--insecure", action="store_true")
args = parser.parse_args()

context = ssl.create_default_context()
if args.insecure:
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE  # ok: tls-verification-disabled

other = ssl.create_default_context()
if args:
    other.check_hostname = False
    other.verify_mode = ssl.CERT_NONE  # finding: tls-verification-disabled
