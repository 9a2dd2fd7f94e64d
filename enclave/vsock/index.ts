/** Stream sockets between an enclave and its parent. Node.js knows no AF_VSOCK; koffi opens them, libuv moves the bytes. */
export { type Address, CID_ANY, CID_PARENT, parseAddress } from './address';
export { connect, type Listener, listen } from './transport';
