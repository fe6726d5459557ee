import COpenSSL

/// A list of one text parameter for libcrypto (OSSL_PARAM(3)), which keeps the addresses of name and value: both live as long
/// as the call of `body`.
///
/// A text that is handed to `OSSL_PARAM_construct_…` itself would be gone when that call returns.
enum LibraryParameters {
    static func with<Outcome>(
        _ name: String, _ value: String, _ body: (UnsafeMutablePointer<OSSL_PARAM>) -> Outcome
    ) -> Outcome? {
        name.withCString { name in
            var text = Array(value.utf8CString)
            return text.withUnsafeMutableBufferPointer { text in
                var parameters = [
                    OSSL_PARAM_construct_utf8_string(name, text.baseAddress, 0), OSSL_PARAM_construct_end(),
                ]
                return parameters.withUnsafeMutableBufferPointer { list in
                    list.baseAddress.map(body)
                }
            }
        }
    }
}
