import Testing

import Testing
@testable import PageImaging
