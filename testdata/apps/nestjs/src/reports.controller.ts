import { Controller, Get } from "@nestjs/common";
import { Roles } from "./roles";
import { Open } from "./session.guard";

@Roles("accounting")
@Controller("reports")
export class ReportsController {
  @Get("month")
  month() {
    return [];
  }

  @Open()
  @Get("prices")
  prices() {
    return [];
  }
}
