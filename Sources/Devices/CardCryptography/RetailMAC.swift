import COpenSSL

/// MAC algorithm 3 of ISO/IEC 9797-1 with DES ("retail MAC"), as ICAO 9303-11, 9.8.6.1 uses it.
///
/// libcrypto keeps single DES in its legacy provider; 3DES with the same key three times is single DES.
public enum RetailMAC {
    /// - Parameters:
    ///   - data: whole blocks of eight bytes, padded already.
    ///   - key: sixteen bytes, Ka and Kb.
    public static func code(of data: [UInt8], key: [UInt8]) throws(CryptographyError) -> [UInt8] {
        guard key.count == 16 else { throw .badInput("key of \(key.count) bytes") }
        guard !data.isEmpty else { throw .badInput("nothing to authenticate") }
        let first = Array(key.prefix(8))
        let chained = try singleDES(data, key: first, encrypting: true)
        let inner = try singleDES(Array(chained.suffix(8)), key: Array(key.suffix(8)), encrypting: false)
        return try singleDES(inner, key: first, encrypting: true)
    }

    private static func singleDES(
        _ data: [UInt8], key: [UInt8], encrypting: Bool
    ) throws(CryptographyError) -> [UInt8] {
        try BlockMode.run(
            EVP_des_ede3_cbc(), data, key: key + key + key, initializationVector: [UInt8](repeating: 0, count: 8),
            block: 8, encrypting: encrypting)
    }
}
