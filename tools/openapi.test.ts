import { describe, expect, test } from 'vitest';
import { findDrift } from './openapi.ts';

describe('findDrift', () => {
  const document = '{\n  "openapi": "3.1.0",\n  "paths": {}\n}\n';

  test('says nothing when the committed document is in step', () => {
    expect(findDrift(document, document)).toBeUndefined();
  });

  test('shows the first line that differs, and how to mend it', () => {
    const drift = findDrift(document.replace('3.1.0', '3.0.0'), document);
    expect(drift).toContain('line 2 holds ""openapi": "3.0.0","');
    expect(drift).toContain('npm run tidy');
  });

  test('sees a committed document that goes on too long', () => {
    expect(findDrift(`${document}more`, document)).toContain('out of step');
  });

  test('says when there is no committed document', () => {
    expect(findDrift(undefined, document)).toContain('is missing');
  });
});
