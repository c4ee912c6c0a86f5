import connexion

app = connexion.FlaskApp(__name__, specification_dir="spec")
app.add_api("shop.yaml", base_path="/v2")

if __name__ == "__main__":
    app.run(port=8080)
