/** ESipa, ASN.1 binding: SGP.32 v1.2, 6.3. */
import { type Binding, readMessage } from './binding.ts'

export const ASN1_PATH = '/gsma/rsp2/asn1'

export const asn1Binding: Binding = {
  mediaType: 'application/x-gsma-rsp-asn1',
  contentType: 'application/x-gsma-rsp-asn1',
  read: (body, codec) => readMessage(() => body, codec),
  answer: (octets) => octets,
  // The binding has no message for it.
  refusalType: 'text/plain; charset=utf-8',
  refusal: (why) => new TextEncoder().encode(why),
  shown: (octets) => ({ octets }),
}
