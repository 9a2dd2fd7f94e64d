/** Proof of which measured code, with which model, gave which answer to which request. */
export { PassingDigest, sha256Hex } from './digest';
export { type Exchange, ReceiptIssuer, type Witnessed } from './issuer';
export { RECEIPT_FORMAT, type Receipt, type ReceiptStatement, readReceipt, receiptText } from './receipt';
export { type ReceiptExpectation, verifyReceipt } from './verify';
