import { Controller, Delete, Get, Param, Post, UseGuards, Version } from "@nestjs/common";
import { AuthGuard } from "@nestjs/passport";
import { AdminOnly, Rights } from "./roles";
import { Open } from "./session.guard";

abstract class Listing {
  @Get()
  list() {
    return [];
  }
}

@Controller(["orders", "purchases"])
export class OrdersController extends Listing {
  @Get(":id")
  one(@Param("id") id: string) {
    return id;
  }

  @AdminOnly()
  @Delete(":id")
  remove(@Param("id") id: string) {
    return id;
  }

  @Rights("orders:refund")
  @Post(":id/refund")
  refund(@Param("id") id: string) {
    return id;
  }

  @Open()
  @UseGuards(AuthGuard("partner"))
  @Version("2")
  @Post("import")
  import() {
    return "imported";
  }
}
