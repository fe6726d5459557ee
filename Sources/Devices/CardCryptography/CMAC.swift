import COpenSSL

/// CMAC with AES (NIST SP 800-38B), all sixteen bytes.
public enum CMAC {
    public static func code(
        of data: [UInt8], key: [UInt8], cipher: CardCipher
    ) throws(CryptographyError) -> [UInt8] {
        let name: String
        switch cipher {
        case .tripleDES: throw .badInput("CMAC is for AES")
        case .aes128: name = "AES-128-CBC"
        case .aes192: name = "AES-192-CBC"
        case .aes256: name = "AES-256-CBC"
        }
        guard key.count == cipher.keyLength else { throw .badInput("key of \(key.count) bytes") }
        guard let algorithm = EVP_MAC_fetch(nil, "CMAC", nil) else { throw .library("CMAC") }
        defer { EVP_MAC_free(algorithm) }
        guard let context = EVP_MAC_CTX_new(algorithm) else { throw .library("CMAC context") }
        defer { EVP_MAC_CTX_free(context) }
        var code = [UInt8](repeating: 0, count: 16)
        var length = 0
        let done = LibraryParameters.with(OSSL_MAC_PARAM_CIPHER, name) { parameters in
            EVP_MAC_init(context, key, key.count, parameters) == 1
                && EVP_MAC_update(context, data, data.count) == 1
                && EVP_MAC_final(context, &code, &length, code.count) == 1
        }
        guard done == true, length == 16 else { throw .library("CMAC") }
        return code
    }
}
