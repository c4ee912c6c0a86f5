import os

ROOT_URLCONF = "depot.urls"
GATE_KEY = os.environ["GATE_KEY"]
