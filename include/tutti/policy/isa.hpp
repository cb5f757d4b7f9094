#pragma once
// The instruction set that a translation unit is compiled for, as a type.
//
// It is a template argument of every policy: kernels built with different -m flags have different symbols, and a linker
// that keeps one copy of an inline function cannot mix them up. What takes no policy (accessors of models, the standard
// library's templates) is shared; docs/reference/policy/isa.md says how one program serves several instruction sets.

namespace tutti::isa {

struct baseline;  ///< what the platform guarantees: SSE2 on x86-64, NEON on arm64
struct avx;
struct avx2;      ///< without fused multiply-add
struct avx2_fma;
struct avx512;    ///< F, CD, DQ and BW

#if defined(__AVX512F__) && defined(__AVX512DQ__) && defined(__AVX512BW__)
using native = avx512;
#elif defined(__AVX2__) && defined(__FMA__)
using native = avx2_fma;
#elif defined(__AVX2__)
using native = avx2;
#elif defined(__AVX__)
using native = avx;
#else
using native = baseline;
#endif

}  // namespace tutti::isa
