/** `npm run check`. Plain JavaScript, so that a Node too old for the rest can say so. */
if (Number.parseInt(process.versions.node, 10) < 24) {
  console.error(
    `Node ${process.versions.node} is too old for the checks; run them with \`npm run check\`.`,
  );
  process.exitCode = 1;
} else {
  const [{ allChecks }, { runChecks }] = await Promise.all([
    import('./checks.ts'),
    import('./run-checks.ts'),
  ]);
  const { failed } = await runChecks(allChecks(), console.log);
  process.exitCode = failed === 0 ? 0 : 1;
}
