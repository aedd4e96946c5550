// What a frame costs on its way in and out, beside RapidJSON's own document and
// writer doing the same job: read a frame, take two strings out of its payload,
// write a reply of the same size.

#include <string>
#include <string_view>

#include <benchmark/benchmark.h>

#include <boost/describe/class.hpp>

#include <rapidjson/document.h>
#include <rapidjson/stringbuffer.h>
#include <rapidjson/writer.h>

#include "flamigo/error/error.hpp"
#include "flamigo/json/json.hpp"
#include "flamigo/wire/envelope.hpp"

namespace {

using namespace flamigo;

struct post {
  std::string room;
  std::string text;
};

BOOST_DESCRIBE_STRUCT(post, (), (room, text))

constexpr std::string_view frame
  = R"({"topic":"app::chat:post","payload":{"room":"general",)"
    R"("text":"Hello everybody, how are you doing today?"},"ackId":"12345"})";

constexpr std::string_view payload
  = R"({"room":"general","text":"Hello everybody, how are you doing today?"})";

// Each benchmark gives up if it does not do its job.
void require(benchmark::State& state, bool condition) {
  if (!condition)
    state.SkipWithError("wrong result");
}

// -- ours ---------------------------------------------------------------------

void codec_decode(benchmark::State& state) {
  envelope_decoder decoder;
  client_request req;
  for (auto _ : state) {
    auto err = decoder.decode(frame, req);
    benchmark::DoNotOptimize(err);
  }
  require(state, req.payload == payload);
}

BENCHMARK(codec_decode);

void codec_bind(benchmark::State& state) {
  post in;
  for (auto _ : state) {
    auto err = from_json(payload, in);
    benchmark::DoNotOptimize(err);
  }
  require(state, in.room == "general");
}

BENCHMARK(codec_bind);

// As a strategy's input is bound: into a new value.
void codec_bind_new(benchmark::State& state) {
  for (auto _ : state) {
    post in;
    auto err = from_json(payload, in);
    benchmark::DoNotOptimize(err);
    benchmark::DoNotOptimize(in);
  }
}

BENCHMARK(codec_bind_new);

void codec_bind_raw(benchmark::State& state) {
  raw_json in;
  for (auto _ : state) {
    auto err = from_json(payload, in);
    benchmark::DoNotOptimize(err);
  }
  require(state, in.text == payload);
}

BENCHMARK(codec_bind_raw);

void codec_encode(benchmark::State& state) {
  post value;
  require(state, !from_json(payload, value));
  std::string out;
  for (auto _ : state) {
    out.clear();
    begin_response(out, "app::chat:post");
    append_json(out, value);
    end_response(out, "\"12345\"");
    benchmark::DoNotOptimize(out);
  }
  require(state, out == frame);
}

BENCHMARK(codec_encode);

void codec_all(benchmark::State& state) {
  envelope_decoder decoder;
  client_request req;
  std::string out;
  for (auto _ : state) {
    auto err = decoder.decode(frame, req);
    post value;
    if (!err)
      err = from_json(req.payload, value);
    out.clear();
    begin_response(out, req.topic);
    append_json(out, value);
    end_response(out, req.ack_id);
    benchmark::DoNotOptimize(out);
  }
  require(state, out == frame);
}

BENCHMARK(codec_all);

// -- baseline -----------------------------------------------------------------

std::string_view text_of(const rapidjson::Value& x) {
  return {x.GetString(), x.GetStringLength()};
}

void rapidjson_decode(benchmark::State& state) {
  for (auto _ : state) {
    rapidjson::Document doc;
    doc.Parse(frame.data(), frame.size());
    benchmark::DoNotOptimize(doc);
  }
}

BENCHMARK(rapidjson_decode);

// The kindest comparison for the baseline: the members are where they are
// expected, nothing is checked, its allocator does not touch the heap.
void rapidjson_all(benchmark::State& state) {
  rapidjson::StringBuffer out;
  char values[4096];
  char stack[1024];
  for (auto _ : state) {
    using pool = rapidjson::MemoryPoolAllocator<>;
    pool value_pool{values, sizeof(values)};
    pool stack_pool{stack, sizeof(stack)};
    rapidjson::GenericDocument<rapidjson::UTF8<>, pool, pool> doc{
      &value_pool, sizeof(stack) / 2, &stack_pool};
    doc.Parse(frame.data(), frame.size());
    auto& in = doc["payload"];
    post value{std::string{text_of(in["room"])},
               std::string{text_of(in["text"])}};
    out.Clear();
    rapidjson::Writer<rapidjson::StringBuffer> writer{out};
    auto put = [&writer](std::string_view x) {
      writer.String(x.data(), static_cast<rapidjson::SizeType>(x.size()));
    };
    writer.StartObject();
    writer.Key("topic");
    put(text_of(doc["topic"]));
    writer.Key("payload");
    writer.StartObject();
    writer.Key("room");
    put(value.room);
    writer.Key("text");
    put(value.text);
    writer.EndObject();
    writer.Key("ackId");
    put(text_of(doc["ackId"]));
    writer.EndObject();
    benchmark::DoNotOptimize(out);
  }
  std::string_view text{out.GetString(), out.GetSize()};
  require(state, text == frame);
}

BENCHMARK(rapidjson_all);

} // namespace
