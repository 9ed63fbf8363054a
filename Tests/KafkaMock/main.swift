#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

// A mock cluster, told by lines on standard input what to do; one line of answer each. Ends with the input.
exit(MockCluster.serve())
