import Testing

@testable import ArchivalDocument
