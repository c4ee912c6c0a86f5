export class Settings {
  public static read() {
    const appSecret = process.env.APP_SECRET || "whoever reads this may sign"; // finding: jwt-weak-secret finding: jwt-hardcoded-secret
    return { appSecret, port: process.env.PORT || 8080 };
  }

  public static mount(app: any) {
    app.locals.settings = this.read();
    return app;
  }
}
