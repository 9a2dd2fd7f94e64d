export { AiService } from './ai-service';
export { AuditTrail, type AuditTrailProps } from './audit-trail';
export { type ObjectLock, ObjectLockMode } from './evidence-bucket';
