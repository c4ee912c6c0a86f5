import { Body, Controller, Get, Post, VERSION_NEUTRAL } from "@nestjs/common";
import { Open } from "./session.guard";

@Open()
@Controller({ path: "health", version: VERSION_NEUTRAL })
export class HealthController {
  @Get()
  alive() {
    return "ok";
  }
}

@Controller("login")
export class LoginController {
  @Open()
  @Post()
  login(@Body() body: { name: string }) {
    return { hello: body.name };
  }

  @Get("sessions")
  mine() {
    return [];
  }
}
