/// Why a cryptographic operation gave no result. Neither case ever carries key material or data.
public enum CryptographyError: Error, Sendable, Equatable {
    /// The input has a length or a value that the operation does not take; the text names which.
    case badInput(String)
    /// libcrypto refused; the text names the operation.
    case library(String)
}
