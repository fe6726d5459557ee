import Testing

@testable import PageWorker
