/// Random bytes of the operating system. Protocols take them as a parameter, so that a test can hand in the bytes of a
/// published example.
public enum SecureRandom {
    public static func bytes(_ count: Int) -> [UInt8] {
        var generator = SystemRandomNumberGenerator()
        return (0..<count).map { _ in UInt8.random(in: .min ... .max, using: &generator) }
    }
}
