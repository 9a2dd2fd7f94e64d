// CDK's own template validation costs seconds per process. Unit tests of one construct do without it;
// the tests over the whole assembly run `npm start`'s synthesis in a process of its own, with it on.
process.env.CDK_VALIDATION ??= 'false';
