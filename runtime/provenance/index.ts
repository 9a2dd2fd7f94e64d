export {
  type ApprovalRecord,
  requireSecondPerson,
  type SignedApproval,
  signApproval,
  verifyApproval,
} from './approval';
