import { readToken } from '../api/client-http.ts'
import { asCurl, asHttp, type Request } from '../model/actions.ts'

/** A request as somebody would make it by hand. */
export const Equivalent = ({ request }: { readonly request: Request }) => (
  <div className="equivalent">
    <p className="caption">command line</p>
    <pre>{asCurl(location.origin, request, readToken() !== '')}</pre>
    <p className="caption">HTTP</p>
    <pre>{asHttp(location.host, request)}</pre>
  </div>
)
