import { CanActivate, ExecutionContext, Injectable, SetMetadata, applyDecorators } from "@nestjs/common";
import { Reflector } from "@nestjs/core";

const ROLES = "roles";
export const Roles = (...roles: string[]) => SetMetadata(ROLES, roles);
export const AdminOnly = () => applyDecorators(Roles("admin"));
/** No guard reads this one. */
export const Rights = (...rights: string[]) => SetMetadata("rights", rights);

@Injectable()
export class RolesGuard implements CanActivate {
  constructor(private readonly reflector: Reflector) {}

  canActivate(context: ExecutionContext): boolean {
    const roles = this.reflector.getAllAndOverride<string[]>(ROLES, [context.getHandler(), context.getClass()]);
    if (!roles || roles.length === 0) return true;
    const { user } = context.switchToHttp().getRequest();
    return roles.some((role) => user.roles.includes(role));
  }
}
