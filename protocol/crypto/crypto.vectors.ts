/** Key agreement. NIST: CAVS 14.1, ECC CDH primitive, P-256, COUNT 0. Brainpool: RFC 7027, A.1. */
export const nistPoints = {
  scalar: '7d7dc5f71eb29ddaf80d6214632eeae03d9058af1fb6d22ed80badb62bc1a534',
  point:
    '04ead218590119e8876b29146ff89ca61770c4edbbf97d38ce385ed281d8a6b23028af61281fd35e2fa7002523acc85a429cb06ee6648325389f59edfce1405141',
  peerPoint:
    '04700c48f77f56584c5cc632ca65640db91b6bacce3a4df6b42ce7cc838833d287db71e509e3fd9b060ddb20ba5c51dcc5948d46fbf640dfe0441782cab85fa4ac',
  sharedSecret: '46fc62106420ff012e54a434fbdd2d25ccc5852060561e68040dd7778997bd7b',
}
export const brainpoolPoints = {
  scalar: '81db1ee100150ff2ea338d708271be38300cb54241d79950f77b063039804f1d',
  point:
    '0444106e913f92bc02a1705d9953a8414db95e1aaa49e81d9e85f929a8e3100be58ab4846f11caccb73ce49cbdd120f5a900a69fd32c272223f789ef10eb089bdc',
  peerPoint:
    '048d2d688c6cf93e1160ad04cc4429117dc2c41825e1e9fca0addd34e6f1b39f7b990c57520812be512641e47034832106bc7d3e8dd0e4c7f1136d7006547cec6a',
  sharedSecret: '89afc39d41d3b327814b80940b042590f96556ec91e6ae7939bce31f3a18bf2b',
}

/** Session keys and protected TLVs: the unit tests of pySim's BSP, recomputed independently. */
export const sessions = [
  {
    sharedSecret: 'c9a993dd4879a8f7161f2085410edd4f9652f1df37be097ba96ba2ca6be528fe',
    hostId: '8080808080808080',
    eid: '89049032123451234512345678901235',
    initialMacChainingValue: '406d507b448a699e7a36a38494debbde',
    sEnc: '472f5bfadd97f21d34f3ce9b51b92751',
    sMac: '9ec07f5b36a13e12a991d66e294e6242',
  },
  {
    sharedSecret: '8902dca391bbb22570fe60c176076246f568b1941265dff1d729e63039658089',
    hostId: '8080808080808080',
    eid: '89049032123451234512345678901335',
    initialMacChainingValue: '734bc93ddb10c71c5ad13d420dc08b5b',
    sEnc: 'd782d575b22a38334556a3d9a1e2ae6b',
    sMac: 'a35addc192ae8f934e2932116c7e89e7',
  },
]

/** Three TLVs of one package under the keys of the first session. */
export const protectedTlvs = [
  { tag: 0x87, plaintext: 'bf2400', tlv: '8718f6fe031e4b9cfe87c8e1e62f3fde85c49412d7722a6a2d89' },
  {
    tag: 0x88,
    plaintext: 'bf252d5a0a98001032547698103214910947534d415f54455354921147534d415f544553545f50524f46494c45950100',
    tlv: '8838bf252d5a0a98001032547698103214910947534d415f54455354921147534d415f544553545f50524f46494c459501008a62cc9adbb5ccbc',
  },
  {
    tag: 0x87,
    plaintext:
      'bf26368010000102030405060708090a0b0c0d0e0f8110010102030405060708090a0b0c0d0e0f8210020102030405060708090a0b0c0d0e0f',
    tlv: '8748a14c800a001992351cd46ad2945654674369701d82b7b46567652bc8fbed234939fc57fba748015525fd6c651e9d3d1330652d42a0cfad950e912122af4ec5362d3c0bc535729c40',
  },
] as const

/** AES-CMAC: RFC 4493, 4. */
export const cmacVectors = {
  key: '2b7e151628aed2a6abf7158809cf4f3c',
  message:
    '6bc1bee22e409f96e93d7e117393172aae2d8a571e03ac9c9eb76fac45af8e5130c81c46a35ce411e5fbc1191a0a52eff69f2445df4f9b17ad2b417be66c3710',
  macs: [
    { length: 0, mac: 'bb1d6929e95937287fa37d129b756746' },
    { length: 16, mac: '070a16b46b4d4144f79bdd9dd04a287c' },
    { length: 40, mac: 'dfa66747de9ae63030ca32611497c827' },
    { length: 64, mac: '51f0bebf7e3b9d92fc49741779363cfe' },
  ],
}
