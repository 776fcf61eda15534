import { describe, expect, test } from 'vitest';
import { ConfigError, readConfig } from './config.ts';

const least = { LDAP_URL: 'ldaps://ldap.example.com', LDAP_BASE_DN: 'dc=example' };

describe('the directory of the environment', () => {
  test('is none without an address', () => {
    expect(readConfig({ LDAP_BASE_DN: 'dc=example' }).directory).toBeUndefined();
  });

  test('needs little, and reads groups whose names hold commas', () => {
    const { directory } = readConfig({
      ...least,
      LDAP_BIND_PASSWORD: 'secret',
      LDAP_ADMIN_GROUPS: 'cn=a,ou=groups; b ;',
      LDAP_ORGANIZATION_GROUPS: 'org_1:member:cn=x,ou=groups;org_2:billing:a:b',
    });
    expect(directory).toMatchObject({
      name: 'LDAP',
      readerPassword: 'secret',
      settings: {
        url: 'ldaps://ldap.example.com',
        start_tls: false,
        id_attribute: 'entryUUID',
        timeout_ms: 5000,
        admin_groups: ['cn=a,ou=groups', 'b'],
        organization_groups: [
          { organization: 'org_1', role: 'member', group: 'cn=x,ou=groups' },
          { organization: 'org_2', role: 'billing', group: 'a:b' },
        ],
      },
    });
  });

  test.each([
    [{ LDAP_URL: 'http://ldap.example.com' }, 'LDAP_URL'],
    [{ LDAP_BASE_DN: '' }, 'LDAP_BASE_DN'],
    [{ LDAP_USER_FILTER: '(objectClass=person)' }, 'LDAP_USER_FILTER'],
    [{ LDAP_CA_FILE: '/nowhere/ca.pem' }, 'LDAP_CA_FILE'],
    [{ LDAP_ORGANIZATION_GROUPS: 'engineers' }, 'LDAP_ORGANIZATION_GROUPS'],
    [{ LDAP_TIMEOUT_MS: '5' }, 'LDAP_TIMEOUT_MS'],
  ])('is refused by name: %j', (change, name) => {
    const reading = () => readConfig({ ...least, ...change });
    expect(reading).toThrow(ConfigError);
    expect(reading).toThrow(name);
  });
});
