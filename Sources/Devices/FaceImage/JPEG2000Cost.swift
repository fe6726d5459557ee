extension JPEG2000Header {
    /// Bytes that decoding may take: with the rest of a reading it stays below 16 MB.
    static let costLimit = 12 << 20
    private static let tileLimit = 64
    /// Packets cost time even where they are empty: 400,000 of them fit into 166 bytes and took 17 seconds under the
    /// sanitizer. A photograph has a few hundred.
    private static let packetLimit = 16_384

    func checkCost() throws(FaceImageError) {
        guard tiles <= Self.tileLimit else { throw .tooLarge("\(tiles) tiles") }
        guard packets <= Self.packetLimit else { throw .tooLarge("\(packets) packets") }
        guard cost <= Self.costLimit else { throw .tooLarge("\(cost >> 20) MB to decode \(width) × \(height) pixels") }
    }

    /// An upper estimate of what the decoder and the conversion allocate, in bytes. Samples take four bytes while they are
    /// decoded; precincts and code-blocks each have their own records, those of one tile at a time; for every packet there
    /// is a mark of two bytes.
    var cost: Int {
        let pixels = width * height
        var total = 3 * pixels + tiles * 12_000
        var marks = 0
        for (component, style) in zip(components, styles) {
            total += 4 * pixels / (component.stepX * component.stepY)
            if tiles > 1 { total += 4 * tileWidth * tileHeight / (component.stepX * component.stepY) }
            var mostPrecincts = 0
            for resolution in 0...style.levels {
                let counts = pieces(style, resolution)
                total += counts.precincts * 900 + counts.blocks * 700
                mostPrecincts = max(mostPrecincts, counts.precincts)
            }
            marks = max(marks, mostPrecincts * (style.levels + 1))
        }
        // 65,535 layers of 65,535² precincts and more stay far below the range of Int.
        return total + 2 * marks * layers * components.count
    }

    /// One for each layer, component, resolution and precinct (B.9), all tiles taken as whole.
    var packets: Int {
        let precincts = styles.reduce(0) { sum, style in
            (0...style.levels).reduce(sum) { $0 + pieces(style, $1).precincts }
        }
        return tiles * layers * precincts
    }

    private func pieces(_ style: CodingStyle, _ resolution: Int) -> (precincts: Int, blocks: Int) {
        let shift = style.levels - resolution
        let (across, down) = (tileWidth >> shift + 1, tileHeight >> shift + 1)
        let precinct = style.precincts[resolution]
        // A precinct may straddle the tile's edges: one more on each axis.
        let precincts = (across >> precinct.x + 2) * (down >> precinct.y + 2)
        // Above the lowest resolution there are three bands of half the size, and precincts count there in halves.
        let half = resolution == 0 ? 0 : 1
        let (blockX, blockY) = (min(style.blockX, precinct.x - half), min(style.blockY, precinct.y - half))
        let blocks = ((across >> half) >> blockX + 2) * ((down >> half) >> blockY + 2) * (half == 0 ? 1 : 3)
        return (precincts, blocks)
    }
}
