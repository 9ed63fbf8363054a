import Testing

@testable import Kafka

extension AllTests {
    @Suite struct MessageBufferTests {
        private static func message(_ partition: Int32, _ offset: Int64, bytes: Int = 1) -> KafkaMessage {
            KafkaMessage(topic: "t", partition: partition, offset: offset, value: [UInt8](repeating: 0, count: bytes))
        }

        private static let zero = KafkaPartition(topic: "t", partition: 0)

        @Test(arguments: 1...7) func `Messages come in order, however many are taken at once`(limit: Int) {
            var buffer = MessageBuffer()
            buffer.append((0..<5).map { Self.message(0, $0) })
            buffer.append((5..<12).map { Self.message(0, $0) })
            var offsets: [Int64] = []
            while !buffer.isEmpty {
                let taken = buffer.take(limit)
                #expect(taken.count <= limit && !taken.isEmpty)
                offsets += taken.map(\.offset)
            }
            #expect(offsets == Array(0..<12))
            #expect(buffer.hasRoom && !buffer.isFull)
        }

        @Test func `It is full by count and by bytes, and has room again at half`() {
            var buffer = MessageBuffer()
            buffer.append((0..<Int64(MessageBuffer.fullCount)).map { Self.message(0, $0) })
            #expect(buffer.isFull && !buffer.hasRoom)
            _ = buffer.take(MessageBuffer.fullCount / 2)
            #expect(!buffer.isFull && buffer.hasRoom)
            buffer.clear()
            buffer.append([Self.message(0, 0, bytes: MessageBuffer.fullBytes)])
            #expect(buffer.isFull)
            _ = buffer.take(1)
            #expect(buffer.hasRoom)
        }

        @Test func `What is paused waits aside and comes back in order; what is dropped does not`() {
            var buffer = MessageBuffer()
            buffer.append([Self.message(0, 0), Self.message(1, 0), Self.message(0, 1)])
            buffer.pause([Self.zero])
            buffer.append([Self.message(0, 2), Self.message(1, 1)])
            #expect(buffer.take(10).map { [Int64($0.partition), $0.offset] } == [[1, 0], [1, 1]])
            buffer.resume([Self.zero])
            #expect(buffer.take(2).map(\.offset) == [0, 1])
            buffer.putBack([Self.message(0, 1)])
            #expect(buffer.take(10).map(\.offset) == [1, 2])
            buffer.append([Self.message(0, 3), Self.message(1, 2)])
            buffer.pause([Self.zero])
            buffer.forget([Self.zero])
            buffer.append([Self.message(0, 9)])
            #expect(buffer.take(10).map(\.offset) == [2, 9])
            #expect(buffer.pausedPartitions.isEmpty)
        }
    }
}
