/** Known answers for Stripe's signature: published with its SDK, or made by the SDK and checked with another HMAC. */
export const hmacVectors = [
  {
    name: 'nothing',
    secret: 'test_secret',
    message: '',
    expected: 'f7f9bd47fb987337b5796fdc1fdb9ba221d0d5396814bfcaf9521f43fd8927fd',
  },
  {
    name: 'an object',
    secret: 'test_secret',
    message: '{"obj1":"hello","obj2":"world"}',
    expected: 'bebb1a643997f419b315ddba19e6f5411e1ce7f810ba6d3617ce72823092f363',
  },
  {
    name: 'a character of four bytes',
    secret: 'test_secret',
    message: '😀',
    expected: '837da296d05c4fe31f61d5d7ead035099d9585a5bcde87de952012a78f0b0c43',
  },
];

const testEvent = '{\n  "id": "evt_test_webhook",\n  "object": "event"\n}';

export const headerVectors = [
  {
    name: 'an event of the documents',
    secret: 'whsec_test_secret',
    seconds: 12_345,
    body: testEvent,
    expected: 't=12345,v1=2672d138c9a412830f3bfe2ecc5bfb3277cf6f5b49d0119d77dd6cb64da1257e',
  },
  {
    name: 'an event in Chinese',
    secret: 'whsec_test_secret',
    seconds: 1_700_000_000,
    body: '{"id":"evt_2","object":"event","d":"支付成功 😀"}',
    expected: 't=1700000000,v1=861e21b3b24bb145ea6340ff366f78c8ca3d45298218ff0c8544330e062da537',
  },
  {
    name: 'what anybody can sign who knows no secret',
    secret: '',
    seconds: 1_700_000_000,
    body: testEvent,
    expected: 't=1700000000,v1=93d7da3c9798a96e4536e9aec3dbab614a9e6b5a9b595375af6956516a501688',
  },
  {
    name: 'a time that is still to come',
    secret: 'whsec_test_secret',
    seconds: 1_700_999_999,
    body: testEvent,
    expected: 't=1700999999,v1=d57ffecb451ea8efc08dd8f1fd5e422e10633a5bea2a01f5421ae016e5e83d35',
  },
];
