// What is built must not depend on who builds: under another NODE_ENV the same sources would get other names.
process.env.NODE_ENV = 'production';
await import('./build-console.ts');
