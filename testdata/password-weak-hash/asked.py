import hashlib
import requests
from django.contrib.auth import authenticate
from django.contrib.auth.models import User


def plain(request):
    return User.objects.get(username=request.POST["username"], password=request.POST["password"])  # finding: password-weak-hash


def checked(request):
    return authenticate(username=request.POST["username"], password=request.POST["password"])  # ok: password-weak-hash


def remote(username, password):
    return requests.get("https://id.example", params={"username": username, "password": password})  # ok: password-weak-hash


def session(password):
    client = requests.Session()
    return client.get(username="x", password=password)  # ok: password-weak-hash


def in_sql(cursor, name, password):
    cursor.execute("SELECT id FROM users WHERE name = %s AND password = %s", (name, password))  # finding: password-weak-hash


def by_the_database(cursor, name, password):
    cursor.execute("SELECT id FROM users WHERE name = %s AND password = crypt(%s, password)", (name, password))  # ok: password-weak-hash


def column_list(cursor, name, password):
    cursor.execute("SELECT id, password FROM users WHERE name = %s", (name,))  # ok: password-weak-hash
    cursor.execute("UPDATE users SET password = %s WHERE name = %s", (password, name))  # ok: password-weak-hash


def api_key(request):
    password = request.authorization.password
    api_key = password
    return hashlib.sha256(api_key.encode()).hexdigest()  # ok: password-weak-hash


def digest(request):
    password = request.form["password"]
    return hashlib.sha256(password.encode()).hexdigest()  # finding: password-weak-hash


def reset(password_reset_token):
    return hashlib.sha256(password_reset_token.encode()).hexdigest()  # ok: password-weak-hash
