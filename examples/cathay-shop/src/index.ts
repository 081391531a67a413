// Everything else is loaded only after this look: an old Node would end in an error of some package, which explains nothing.
const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);

if (major < 22 || (major === 22 && minor < 14)) {
  console.error(
    `The Cathay Shop needs Node 22.14 or newer; this is ${process.versions.node}.\n` +
      "In the repository, 'npm start' runs it with the Node that 'npm ci' has installed.",
  );
  process.exitCode = 1;
} else {
  const { main } = await import('./server/main.ts');
  await main();
}

export {};
