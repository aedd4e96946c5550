#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <boost/describe/class.hpp>

#include "flamigo/cluster/detail/call_note.hpp"
#include "flamigo/cluster/detail/event_note.hpp"
#include "flamigo/cluster/detail/member_note.hpp"
#include "flamigo/cluster/detail/question_note.hpp"

namespace flamigo::detail {

/// How far a node has come in what it sends to one of the others.
struct sent_note {
  std::uint64_t stream = 0;
  /// The number of the last frame.
  std::uint64_t seq = 0;
};

BOOST_DESCRIBE_STRUCT(sent_note, (), (stream, seq))

/// What a node says now and then: to all of them, so that those hear of it that
/// do not know it, and to each that it knows, behind all that it has sent
/// there.
struct hello_note {
  /// For people.
  std::string name;
  /// What was sent there; none in what is for all.
  std::optional<sent_note> sent = {};
  /// Clients that are connected there.
  std::optional<std::uint64_t> connections = {};
  /// Whether it reads the journal of channels with history.
  std::optional<bool> journal = {};
  /// The leases of clustered domains for which it competes.
  std::optional<std::vector<std::string>> domains = {};
  /// It is the last one: the node ends.
  bool bye = false;
};

BOOST_DESCRIBE_STRUCT(hello_note, (),
                      (name, sent, connections, journal, domains, bye))

/// What is wanted on a node, or how that has changed: patterns, and topics with
/// nothing below them. See `note_log`.
struct wish_note {
  using entry = std::string;

  static std::string_view id_of(const entry& what) noexcept {
    return what;
  }

  static std::size_t bytes_of(const entry& what) noexcept {
    return what.size();
  }

  /// Counts the changes; in a list, the last one that is in it.
  std::uint64_t version = 0;
  std::vector<std::string> added = {};
  std::vector<std::string> removed = {};
  /// The first and the last one that say together all that is wanted.
  bool begins = false;
  bool ends = false;
};

BOOST_DESCRIBE_STRUCT(wish_note, (), (version, added, removed, begins, ends))

/// What nodes say to each other, as JSON. Members that a node does not know it
/// ignores, so that the next version may add some.
///
/// Each node sends to each other one a stream of frames with the numbers 1, 2,
/// 3, ..., so that the other one sees what is missing. A stream with a greater
/// number begins when the sender had given the other one up.
struct node_frame {
  /// Of the way in which this is written; others are not understood.
  static constexpr std::uint64_t current_version = 1;

  std::uint64_t flamigo = current_version;
  /// The sender: new with every start of a process.
  std::string from;
  std::uint64_t stream = 0;
  /// 0 for a hello, which is in no stream.
  std::uint64_t seq = 0;
  std::optional<hello_note> hello = {};
  std::optional<event_note> event = {};
  /// The event is in the journal as well.
  std::optional<bool> journaled = {};
  /// The number of the question whether all who listen there have handled it.
  std::optional<std::uint64_t> handled = {};
  std::optional<wish_note> wishes = {};
  std::optional<member_note> members = {};
  std::optional<question_note> question = {};
  std::optional<call_note> call = {};
  std::optional<answer_note> answer = {};
  /// The number of a question or call that nobody wants to be answered any
  /// more.
  std::optional<std::uint64_t> withdrawn = {};
  /// Which version of the receiver's wishes the sender knows.
  std::optional<std::uint64_t> known = {};
  /// Whether the receiver is to say all of its wishes and members again.
  std::optional<bool> resync = {};
};

BOOST_DESCRIBE_STRUCT(node_frame, (),
                      (flamigo, from, stream, seq, hello, event, journaled,
                       handled, wishes, members, question, call, answer,
                       withdrawn, known, resync))

} // namespace flamigo::detail
