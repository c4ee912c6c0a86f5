import { Module } from "@nestjs/common";
import { APP_GUARD } from "@nestjs/core";
import { ThrottlerGuard } from "@nestjs/throttler";
import { SessionGuard } from "./session.guard";
import { RolesGuard } from "./roles";
import { HealthController, LoginController } from "./open.controllers";
import { OrdersController } from "./orders.controller";
import { ReportsController } from "./reports.controller";

@Module({
  controllers: [HealthController, LoginController, OrdersController, ReportsController],
  providers: [
    { provide: APP_GUARD, useClass: ThrottlerGuard },
    { provide: APP_GUARD, useClass: SessionGuard },
    { provide: APP_GUARD, useClass: RolesGuard },
  ],
})
export class AppModule {}
