#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <boost/describe/class.hpp>

#include "flamigo/cluster/detail/event_note.hpp"

namespace flamigo::detail {

/// That all counts begin anew. It holds if nothing else had begun since what
/// its writer has read: of several at once the first one does.
struct begin_note {
  std::uint64_t epoch = 0;
  /// The last message that the writer has read.
  std::uint64_t seen = 0;
};

BOOST_DESCRIBE_STRUCT(begin_note, (), (epoch, seen))

/// One message of the journal, as JSON.
struct journal_frame {
  /// Of the way in which this is written; others count for nobody.
  static constexpr std::uint64_t current_version = 1;

  std::uint64_t flamigo = current_version;
  /// Who has written it, and the how many-th of that one's it is: 1, 2, 3, ...
  std::string from;
  std::uint64_t number = 0;
  std::optional<begin_note> begin = {};
  std::optional<event_note> event = {};
};

BOOST_DESCRIBE_STRUCT(journal_frame, (), (flamigo, from, number, begin, event))

/// Reads a message of the journal. False if it is none, or of another version.
bool read_frame(std::string_view body, journal_frame& out);

/// How far a topic is.
struct topic_count {
  std::string topic;
  std::uint64_t epoch = 0;
  std::uint64_t offset = 0;
  /// The message of its newest event.
  std::uint64_t seq = 0;
};

BOOST_DESCRIBE_STRUCT(topic_count, (), (topic, epoch, offset, seq))

/// How far a writer is.
struct writer_count {
  std::string id;
  std::uint64_t number = 0;
  /// The message that has it.
  std::uint64_t seq = 0;
};

BOOST_DESCRIBE_STRUCT(writer_count, (), (id, number, seq))

/// What nodes know alike behind the same message, or a part of it.
struct journal_note {
  std::uint64_t seq = 0;
  /// The message with which all counts began.
  std::uint64_t begun = 0;
  /// Of topics that are not counted.
  std::uint64_t epoch = 0;
  /// From here on `skipped` has all that did not count.
  std::uint64_t exact_from = 0;
  std::vector<std::uint64_t> skipped = {};
  std::vector<writer_count> writers = {};
  std::vector<topic_count> topics = {};
};

BOOST_DESCRIBE_STRUCT(journal_note, (),
                      (seq, begun, epoch, exact_from, skipped, writers, topics))

/// Asks the other nodes for that.
struct journal_question {
  /// Says which question this is, and where answers go.
  std::string from;
  /// Which journal is meant: when it was made.
  std::string journal;
  /// The node that is to answer; empty: whoever could says so.
  std::string to = "";
};

BOOST_DESCRIBE_STRUCT(journal_question, (), (from, journal, to))

/// What one of them says, or that it could.
struct journal_answer {
  std::string from;
  std::string journal;
  /// Of so many parts this one, from 0 on. None: it could answer.
  std::uint64_t parts = 0;
  std::uint64_t part = 0;
  std::optional<journal_note> note = {};
};

BOOST_DESCRIBE_STRUCT(journal_answer, (), (from, journal, parts, part, note))

} // namespace flamigo::detail
